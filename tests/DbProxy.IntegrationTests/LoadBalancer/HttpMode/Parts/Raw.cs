using System.Text;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;

/// <summary>HTTP by hand.</summary>
internal static class Raw
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task SendAsync(this Stream stream, string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();

    /// <summary>Reads until the text has come, or the end; gives all that was read.</summary>
    public static async Task<string> ReadUntilAsync(this Stream stream, string end)
    {
        using var limit = new CancellationTokenSource(Limit);
        var (text, buffer) = (new StringBuilder(), new byte[4096]);
        while (!text.ToString().Contains(end, StringComparison.Ordinal) && await stream.ReadAsync(buffer, limit.Token) is > 0 and var count)
            text.Append(Encoding.Latin1.GetString(buffer, 0, count));
        return text.ToString();
    }

    /// <summary>All that comes until the other side closes.</summary>
    public static Task<string> ReadToEndAsync(this Stream stream) => stream.ReadUntilAsync("\u0001never");
}
