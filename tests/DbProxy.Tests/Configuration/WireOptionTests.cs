using System.Net;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer.ProxyProtocol;
using DbProxy.Protocol.Compression;
using Xunit;

namespace DbProxy.Tests.Configuration;

public sealed class WireOptionTests
{
    [Theory]
    [InlineData("unix:/run/dbproxy.sock", "/run/dbproxy.sock")]
    [InlineData("unix:/a,b:c", "/a,b:c")]
    public void A_socket_is_an_address(string text, string path)
    {
        var address = HostPort.Parse(text);
        Assert.Equal((path, text), (address.UnixPath, address.ToString()));
        Assert.Equal(address, HostPort.Parse(text));
    }

    [Theory]
    [InlineData("unix:")]
    [InlineData("unix:relative.sock")]
    [InlineData("unix:/folder/")]
    [InlineData("unix:/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789")]
    public void Not_sockets(string text) => Assert.Throws<FormatException>(() => HostPort.Parse(text));

    [Fact]
    public void All_of_it_together()
    {
        var config = ProxyConfig.From(Options(o =>
        {
            o.Listen = ["unix:/run/a.sock", ":6033"];
            o.ListenSocketMode = "660";
            o.Servers = [new() { Address = "unix:/run/b.sock", ProxyProtocol = ProxyHeaderVersion.V2 }];
            o.ProxyProtocol.TrustedNetworks = ["10.0.0.0/8", "192.0.2.1", "fd00::/8", "::1"];
            o.ClientCompression = ["zstd"];
        }));
        Assert.Equal("unix:/run/b.sock", config.Servers[0].Name);
        Assert.Equal(ProxyHeaderVersion.V2, config.Servers[0].ProxyProtocol);
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, config.ListenSocketMode);
        Assert.Equal(["10.0.0.0/8", "192.0.2.1/32", "fd00::/8", "::1/128"], config.TrustedProxies.Select((IPNetwork n) => n.ToString()));
        Assert.Equal([CompressionAlgorithm.Zstd], config.ClientCompression);
        Assert.Equal(CompressionAlgorithm.None, config.ServerCompression.Algorithm);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        var mistakes = Assert.Throws<ConfigException>(() => ProxyConfig.From(Options(o =>
        {
            o.Listen = ["unix:/run/a.sock", "unix:/run/a.sock"];
            o.ListenSocketMode = "1777";
            o.Admin.Listen = "unix:/run/admin.sock";
            o.ProxyProtocol.TrustedNetworks = ["10.0.0.0/33", "localhost"];
            o.ClientCompression = ["Zlib", "None", "zlib"];
            o.ServerCompression.ZstdLevel = 23;
        }))).Mistakes.Select(m => m.Path);
        Assert.Equal(
            ["Admin.Listen", "ClientCompression[1]", "ClientCompression[2]", "ListenSocketMode", "Listen[1]", "ProxyProtocol.TrustedNetworks[0]",
             "ProxyProtocol.TrustedNetworks[1]", "ServerCompression.ZstdLevel"],
            mistakes.Order(StringComparer.Ordinal));
    }

    private static ProxyOptions Options(Action<ProxyOptions> change)
    {
        var options = new ProxyOptions { Servers = [new() { Address = "db:3306" }], Monitor = { User = "m", Password = "x" } };
        change(options);
        return options;
    }
}
