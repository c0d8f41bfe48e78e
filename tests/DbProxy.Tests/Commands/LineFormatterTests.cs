using DbProxy.Hosting;
using DbProxy.LoadBalancer;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace DbProxy.Tests.Commands;

public sealed class LineFormatterTests
{
    private static readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, 5, TimeSpan.Zero));

    [Fact]
    public void A_line_has_time_level_type_and_message() =>
        Assert.Equal("2026-01-31T12:00:00.005Z WARN  Monitor: db2 is down\n", Line("db2 is down", null));

    [Fact]
    public void A_message_of_several_lines_stays_one_line() =>
        Assert.Equal("2026-01-31T12:00:00.005Z WARN  Monitor: a | 2026 FATAL forged | System.Exception: x | y\n",
            Line("a\r\n2026 FATAL forged", new Exception("x\ny")));

    [Fact]
    public void What_an_operator_can_mend_is_told_without_a_stack_trace()
    {
        var thrown = Assert.Throws<BalancerException>(static void () => throw new BalancerException("the address is in use", new IOException("inner")));
        Assert.Equal("2026-01-31T12:00:00.005Z WARN  Monitor: no start | the address is in use\n", Line("no start", thrown));
    }

    [Fact]
    public void A_message_cannot_control_a_terminal() =>
        Assert.Equal("2026-01-31T12:00:00.005Z WARN  Monitor: GET /\\x1b[2J\\x7f\tü\n", Line("GET /\u001b[2J\u007f\tü", null));

    private static string Line(string message, Exception? exception)
    {
        using var text = new StringWriter();
        new LineFormatter(_clock).Write(
            new LogEntry<string>(LogLevel.Warning, "DbProxy.Core.Monitor", 1, message, exception, (m, _) => m), null, text);
        return text.ToString();
    }
}
