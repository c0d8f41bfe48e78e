using System.Text;

namespace DbProxy.Core.Configuration.Loading;

/// <summary>Turns byte offsets into lines and columns as editors count them.</summary>
internal sealed class LineMap
{
    private readonly List<int> _starts = [0];

    public LineMap(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '\n') _starts.Add(i + 1);
    }

    public Place PlaceOf(string source, ReadOnlySpan<byte> text, int offset)
    {
        var line = _starts.BinarySearch(offset);
        if (line < 0) line = ~line - 1;
        return PlaceOf(source, text, line, offset - _starts[line]);
    }

    /// <param name="source">The file's name.</param>
    /// <param name="text">The text that the map was made of.</param>
    /// <param name="line">From 0.</param>
    /// <param name="byteInLine">From 0.</param>
    public Place PlaceOf(string source, ReadOnlySpan<byte> text, int line, int byteInLine)
    {
        var start = _starts[Math.Min(line, _starts.Count - 1)];
        var length = Math.Clamp(byteInLine, 0, text.Length - start);
        return new Place(source, line + 1, Encoding.UTF8.GetCharCount(text.Slice(start, length)) + 1);
    }
}
