using System.Net.Security;
using System.Security.Authentication;
using DbProxy.LoadBalancer.Certificates;
using Xunit;

namespace DbProxy.Tests.LoadBalancer.Certificates;

public sealed class CipherSuiteNamesTests
{
    [Theory]
    [InlineData("ECDHE-RSA-AES128-GCM-SHA256", TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)]
    [InlineData("ECDHE-ECDSA-AES256-GCM-SHA384", TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)]
    [InlineData("ECDHE-RSA-CHACHA20-POLY1305", TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256)]
    [InlineData("DHE-RSA-AES256-GCM-SHA384", TlsCipherSuite.TLS_DHE_RSA_WITH_AES_256_GCM_SHA384)]
    [InlineData("ECDHE-RSA-AES128-SHA256", TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256)]
    [InlineData("ECDHE-RSA-AES256-SHA", TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA)]
    [InlineData("AES256-GCM-SHA384", TlsCipherSuite.TLS_RSA_WITH_AES_256_GCM_SHA384)]
    [InlineData("AES128-SHA", TlsCipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA)]
    [InlineData("TLS_AES_128_GCM_SHA256", TlsCipherSuite.TLS_AES_128_GCM_SHA256)]
    public void Names_of_openssl_and_iana_are_known(string name, TlsCipherSuite suite) => Assert.Equal(suite, CipherSuiteNames.Parse(name));

    [Theory]
    [InlineData("HIGH:!aNULL")]
    [InlineData("4865")]
    [InlineData("")]
    public void Others_are_refused(string name) => Assert.Throws<ArgumentException>(() => CipherSuiteNames.Parse(name));

    [Fact]
    public void Versions_without_a_suite_are_not_offered()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows knows no such policy.");
            return;
        }
        Assert.Equal((null, SslProtocols.Tls12 | SslProtocols.Tls13), CipherSuiteNames.ToPolicy([], SslProtocols.Tls12));
        Assert.Equal(SslProtocols.Tls12, CipherSuiteNames.ToPolicy(["AES128-SHA"], SslProtocols.Tls12).Versions);
        Assert.Equal(SslProtocols.Tls13, CipherSuiteNames.ToPolicy(["TLS_AES_128_GCM_SHA256"], SslProtocols.Tls12).Versions);
        Assert.Throws<ArgumentException>(() => CipherSuiteNames.ToPolicy(["AES128-SHA"], SslProtocols.Tls13));
    }
}
