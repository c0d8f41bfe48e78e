using System.Net;
using System.Text;
using CsCheck;
using DbProxy.LoadBalancer.ProxyProtocol;
using Xunit;

namespace DbProxy.Tests.ProxyProtocol;

public sealed class ProxyHeaderTests
{
    private static readonly Gen<IPEndPoint> V4 = Gen.Select(Gen.Byte.Array[4], Gen.UShort).Select(t => new IPEndPoint(new IPAddress(t.Item1), t.Item2));
    private static readonly Gen<IPEndPoint> V6 = Gen.Select(Gen.Byte.Array[16], Gen.UShort)
        .Select(t => new IPEndPoint(new IPAddress(t.Item1), t.Item2)).Where(e => !e.Address.IsIPv4MappedToIPv6);

    private static readonly Gen<(IPEndPoint Source, IPEndPoint Destination)> Pair = Gen.OneOf(Gen.Select(V4, V4), Gen.Select(V6, V6));

    public static TheoryData<ProxyHeaderVersion> Versions => [ProxyHeaderVersion.V1, ProxyHeaderVersion.V2];

    [Theory, MemberData(nameof(Versions))]
    public void What_is_written_is_read_at_every_split(ProxyHeaderVersion version) =>
        Gen.Select(Pair, Gen.Byte.Array[0, 20]).Sample(
            (pair, behind) =>
            {
                byte[] header = ProxyHeaderWriter.Write(version, pair.Source, pair.Destination);
                byte[] all = [.. header, .. behind];
                for (int end = 0; end < header.Length; end++)
                {
                    Assert.Equal(ProxyHeaderResult.NeedsMore, ProxyHeaderReader.TryRead(all.AsSpan(0, end), out _, out _));
                }

                Assert.Equal(ProxyHeaderResult.Complete, ProxyHeaderReader.TryRead(all, out ProxyHeader read, out int length));
                Assert.Equal(header.Length, length);
                Assert.Equal(new ProxyHeader(pair.Source, pair.Destination), read);
            },
            iter: 300);

    [Fact]
    public void Any_change_is_read_or_refused() =>
        Gen.Select(Gen.Bool, Pair, Gen.Select(Gen.Int[0, 1000], Gen.Byte).Array[1, 5]).Sample(
            (first, pair, changes) =>
            {
                byte[] header = ProxyHeaderWriter.Write(first ? ProxyHeaderVersion.V1 : ProxyHeaderVersion.V2, pair.Source, pair.Destination);
                foreach (var (at, value) in changes)
                {
                    header[at % header.Length] = value;
                }

                ProxyHeaderResult result = ProxyHeaderReader.TryRead(header, out _, out int length);
                Assert.True(result != ProxyHeaderResult.Complete || length <= header.Length);
            },
            iter: 20_000);

    [Fact]
    public void Bytes_without_end_are_refused_in_time() =>
        Gen.Byte.Array[0, 300].Sample(
            bytes =>
            {
                foreach (string start in new[] { "", "PROXY ", "\r\n\r\n\0\r\nQUIT\n" })
                {
                    byte[] all = [.. Encoding.Latin1.GetBytes(start), .. bytes, .. new byte[ProxyHeaderReader.MaxLength]];
                    Assert.NotEqual(ProxyHeaderResult.NeedsMore, ProxyHeaderReader.TryRead(all, out _, out _));
                }
            },
            iter: 5000);

    [Theory]
    [InlineData("PROXY UNKNOWN\r\n")]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n")]
    public void Unknown_names_nobody(string text)
    {
        Assert.Equal(ProxyHeaderResult.Complete, ProxyHeaderReader.TryRead(Encoding.ASCII.GetBytes(text + "x"), out ProxyHeader header, out int length));
        Assert.Equal(text.Length, length);
        Assert.Null(header.Source);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PROXY\r\n")]
    [InlineData("PROXY TCP5 1.2.3.4 1.2.3.4 1 2\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\r\n")]
    [InlineData("PROXY TCP4  1.2.3.4 1.2.3.4 1 2\r\n")]
    [InlineData("PROXY TCP4 1.2.3 1.2.3.4 1 2\r\n")]
    [InlineData("PROXY TCP4 01.2.3.4 1.2.3.4 1 2\r\n")]
    [InlineData("PROXY TCP4 0x1.2.3.4 1.2.3.4 1 2\r\n")]
    [InlineData("PROXY TCP4 ::1 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 1.2.3.4 1.2.3.4 1 2\r\n")]
    [InlineData("PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 65536 2\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 -1 2\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 01 2\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4 1.2.3.4 1 \r\n")]
    [InlineData("PROXY UNKNOWNX\r\n")]
    public void Lines_that_are_no_header(string text) =>
        Assert.Equal(ProxyHeaderResult.Malformed, ProxyHeaderReader.TryRead(Encoding.ASCII.GetBytes(text), out _, out _));

    [Theory]
    [InlineData(0x20, 0x00, 0, ProxyHeaderResult.Complete)]
    [InlineData(0x20, 0x11, 12, ProxyHeaderResult.Complete)]
    [InlineData(0x21, 0x00, 7, ProxyHeaderResult.Complete)]
    [InlineData(0x21, 0x31, 216, ProxyHeaderResult.Complete)]
    [InlineData(0x21, 0x31, 215, ProxyHeaderResult.Malformed)]
    [InlineData(0x21, 0x11, 11, ProxyHeaderResult.Malformed)]
    [InlineData(0x21, 0x21, 35, ProxyHeaderResult.Malformed)]
    [InlineData(0x22, 0x11, 12, ProxyHeaderResult.Malformed)]
    [InlineData(0x11, 0x11, 12, ProxyHeaderResult.Malformed)]
    [InlineData(0x21, 0x13, 12, ProxyHeaderResult.Malformed)]
    [InlineData(0x21, 0x11, 4081, ProxyHeaderResult.Malformed)]
    public void Binary_headers_of_other_kinds(byte command, byte family, int rest, ProxyHeaderResult expected)
    {
        byte[] header = [.. "\r\n\r\n\0\r\nQUIT\n"u8, command, family, (byte)(rest >> 8), (byte)rest, .. new byte[rest]];
        Assert.Equal(expected, ProxyHeaderReader.TryRead(header, out ProxyHeader read, out _));
        Assert.Null(read.Source);
    }

    [Fact]
    public void What_follows_the_addresses_is_skipped()
    {
        byte[] header = ProxyHeaderWriter.Write(ProxyHeaderVersion.V2, new(IPAddress.Parse("10.1.2.3"), 99), new(IPAddress.Loopback, 3306));
        header[15] += 9;
        byte[] all = [.. header, 0x04, 0, 6, 1, 2, 3, 4, 5, 6, 0xAA];
        Assert.Equal(ProxyHeaderResult.Complete, ProxyHeaderReader.TryRead(all, out ProxyHeader read, out int length));
        Assert.Equal((all.Length - 1, "10.1.2.3:99"), (length, read.Source!.ToString()));
    }

    [Theory]
    [InlineData("::ffff:10.0.0.1", "127.0.0.1", "PROXY TCP4 10.0.0.1 127.0.0.1 5 6\r\n")]
    [InlineData("10.0.0.1", "::1", "PROXY TCP4 10.0.0.1 0.0.0.0 5 6\r\n")]
    [InlineData("fe80::1%3", "10.0.0.1", "PROXY TCP6 fe80::1 :: 5 6\r\n")]
    public void A_header_has_one_family(string source, string destination, string expected) =>
        Assert.Equal(expected, Encoding.ASCII.GetString(ProxyHeaderWriter.Write(
            ProxyHeaderVersion.V1, new(IPAddress.Parse(source), 5), new(IPAddress.Parse(destination), 6))));

    [Fact]
    public void A_client_without_an_address_is_nobody()
    {
        Assert.Equal("PROXY UNKNOWN\r\n"u8.ToArray(), ProxyHeaderWriter.Write(ProxyHeaderVersion.V1, null, null));
        byte[] local = ProxyHeaderWriter.Write(ProxyHeaderVersion.V2, null, new(IPAddress.Loopback, 1));
        Assert.Equal(ProxyHeaderResult.Complete, ProxyHeaderReader.TryRead(local, out ProxyHeader read, out int length));
        Assert.Equal((16, null), (length, read.Source));
    }
}
