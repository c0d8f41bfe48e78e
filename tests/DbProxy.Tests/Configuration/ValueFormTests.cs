using CsCheck;
using DbProxy.Core.Configuration;
using Xunit;

namespace DbProxy.Tests.Configuration;

public sealed class ValueFormTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("10s", 10_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("1m30s", 90_000)]
    [InlineData("8h", 28_800_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("0s", 0)]
    public void Durations(string text, int milliseconds)
    {
        Assert.True(Duration.TryParse(text, out var value, out _));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("10")]
    [InlineData("10 s")]
    [InlineData("-1s")]
    [InlineData("1.s")]
    [InlineData("1s.5m")]
    [InlineData("1.2.3s")]
    [InlineData("10S")]
    [InlineData("10s ")]
    [InlineData("10sek")]
    [InlineData("99999999999999999999d")]
    [InlineData("9223372036854775807us9223372036854775807us")]
    public void Not_durations(string text)
    {
        Assert.False(Duration.TryParse(text, out _, out var error));
        Assert.StartsWith($"\"{text}\"", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_written_duration_is_read_back() =>
        Gen.Long[0, TimeSpan.MaxValue.Ticks / 10].Select(us => TimeSpan.FromTicks(us * 10)).Sample(value =>
            Duration.TryParse(Duration.Format(value), out var back, out _) && back == value);

    [Theory]
    [InlineData("512B", 512)]
    [InlineData("16KiB", 16384)]
    [InlineData("64MiB", 64 << 20)]
    [InlineData("1GiB", 1 << 30)]
    public void Sizes(string text, long bytes)
    {
        Assert.True(ByteSize.TryParse(text, out var value, out _));
        Assert.Equal(bytes, value.Bytes);
        Assert.Equal(text, value.ToString());
    }

    [Theory]
    [InlineData("64")]
    [InlineData("MiB")]
    [InlineData("64MB")]
    [InlineData("1.5MiB")]
    [InlineData("9999999999999GiB")]
    public void Not_sizes(string text) => Assert.False(ByteSize.TryParse(text, out _, out _));

    [Fact]
    public void A_written_size_is_read_back() =>
        Gen.Long[0, long.MaxValue].Sample(n => ByteSize.TryParse(new ByteSize(n).ToString(), out var back, out _) && back.Bytes == n);

    [Theory]
    [InlineData("db1:3306", "db1", 3306)]
    [InlineData("[::1]:6033", "::1", 6033)]
    [InlineData(":6033", "", 6033)]
    public void Addresses(string text, string host, int port)
    {
        Assert.Equal(new HostPort(host, port), HostPort.Parse(text));
        Assert.Equal(text, HostPort.Parse(text).ToString());
    }

    [Theory]
    [InlineData("db1")]
    [InlineData("db1:")]
    [InlineData("db1:-1")]
    [InlineData("db1:65536")]
    [InlineData("[::1]")]
    [InlineData("[zz]:1")]
    [InlineData("tcp://db1:1")]
    [InlineData("a b:1")]
    public void Not_addresses(string text) => Assert.Throws<FormatException>(() => HostPort.Parse(text));
}
