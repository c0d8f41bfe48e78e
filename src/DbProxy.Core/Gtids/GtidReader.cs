using System.Buffers.Text;
using System.Text;

namespace DbProxy.Core.Gtids;

/// <summary>
/// Reads the ranges out of GTID text. MySQL: <c>uuid[:tag][:n[-m]]…[, …]</c>, where a tag holds for the intervals
/// after it; MariaDB: <c>domain-server-sequence[, …]</c>. Blanks and line breaks may stand around the separators.
/// </summary>
internal ref struct GtidReader(ReadOnlySpan<byte> text)
{
    /// <summary>A MySQL tag is a letter or underscore and at most 31 more letters, digits or underscores.</summary>
    private const int MaxTagLength = 32;
    private const int UuidLength = 36;

    private readonly bool _mariaDb = !text.Contains((byte)':');
    private ReadOnlySpan<byte> _rest = text;
    private GtidSource _source;

    /// <summary>Whether reading ended because the text is not GTID text.</summary>
    public bool Malformed { get; private set; }

    /// <summary>Reads the next range; false at the end and at the first thing that is not GTID text.</summary>
    public bool Read(out GtidRange range)
    {
        range = default;
        SkipBlanks();
        while (TryTake((byte)','))
        {
            _source = default;
            SkipBlanks();
        }
        if (_rest.IsEmpty)
            return false;
        var read = _mariaDb ? ReadPosition(out range) : ReadInterval(out range);
        Malformed = !read;
        return read;
    }

    private bool ReadPosition(out GtidRange range)
    {
        range = default;
        if (!ReadNumber(out var domain) || domain > uint.MaxValue || !TryTake((byte)'-')
            || !ReadNumber(out var server) || server > uint.MaxValue || !TryTake((byte)'-')
            || !ReadNumber(out var sequence) || !AtSeparator())
            return false;
        range = new GtidRange(new GtidSource(default, null, (uint)domain), (uint)server, sequence, sequence);
        return true;
    }

    private bool ReadInterval(out GtidRange range)
    {
        range = default;
        if (_source.Uuid == Guid.Empty && !ReadUuid())
            return false;
        while (true)
        {
            SkipBlanks();
            if (!TryTake((byte)':'))
                return false;
            SkipBlanks();
            if (_rest.IsEmpty || char.IsAsciiDigit((char)_rest[0]))
                break;
            if (!ReadTag())
                return false;
        }
        if (!ReadNumber(out var low) || low == 0)
            return false;
        var high = low;
        SkipBlanks();
        if (TryTake((byte)'-'))
        {
            SkipBlanks();
            if (!ReadNumber(out high) || high < low)
                return false;
        }
        SkipBlanks();
        range = new GtidRange(_source, 0, low, high);
        return AtSeparator();
    }

    private bool ReadUuid()
    {
        if (_rest.Length < UuidLength || !Utf8Parser.TryParse(_rest[..UuidLength], out Guid uuid, out var used)
            || used != UuidLength || uuid == Guid.Empty)
            return false;
        _rest = _rest[UuidLength..];
        _source = new GtidSource(uuid, null, 0);
        return true;
    }

    private bool ReadTag()
    {
        var length = 0;
        while (length < _rest.Length && ((char)_rest[length] is '_' || char.IsAsciiLetterOrDigit((char)_rest[length])))
            length++;
        if (length is 0 or > MaxTagLength)
            return false;
        _source = _source with { Tag = Encoding.ASCII.GetString(_rest[..length]).ToLowerInvariant() };
        _rest = _rest[length..];
        return true;
    }

    private bool ReadNumber(out ulong number)
    {
        if (!Utf8Parser.TryParse(_rest, out number, out var used) || !char.IsAsciiDigit((char)_rest[0]))
            return false;
        _rest = _rest[used..];
        return true;
    }

    private readonly bool AtSeparator() => _rest.IsEmpty || (char)_rest[0] is ',' or ':' or ' ' or '\r' or '\n' or '\t';

    private bool TryTake(byte wanted)
    {
        if (_rest.IsEmpty || _rest[0] != wanted)
            return false;
        _rest = _rest[1..];
        return true;
    }

    private void SkipBlanks() => _rest = _rest.TrimStart(" \t\r\n"u8);
}
