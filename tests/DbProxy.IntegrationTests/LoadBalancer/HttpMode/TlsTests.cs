using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.Rules;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode;

public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    [Fact]
    public async Task The_name_that_a_client_asks_for_chooses_the_certificate()
    {
        await using var bed = await StartAsync(Tls("shop.example", "*.api.example"));
        Assert.Equal("CN=shop.example", (await ConnectAsync(bed, "shop.example")).Subject);
        Assert.Equal("CN=*.api.example", (await ConnectAsync(bed, "v1.api.example")).Subject);
        // A wildcard is for one label; what nobody is for gets the first.
        Assert.Equal("CN=shop.example", (await ConnectAsync(bed, "a.v1.api.example")).Subject);
        Assert.Equal("CN=shop.example", (await ConnectAsync(bed, "other.example")).Subject);
    }

    [Fact]
    public async Task Http_2_is_negotiated_and_1_1_goes_on_to_work()
    {
        await using var bed = await StartAsync(new());
        foreach (var version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            using var response = await bed.Client.SendAsync(new(HttpMethod.Get, bed.Url) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact });
            Assert.Equal((version, "a"), (response.Version, await response.Content.ReadAsStringAsync()));
        }
        Assert.Equal(["HTTP/1.1", "HTTP/2"], bed.Log.Requests.Select(l => l["Protocol"]));
    }

    [Fact]
    public async Task Versions_and_ciphers_below_the_configured_are_refused()
    {
        await using var bed = await StartAsync(new() { MinVersion = SslProtocols.Tls13, CipherSuites = ["TLS_AES_256_GCM_SHA384"] });
        Assert.Equal((SslProtocols.Tls13, TlsCipherSuite.TLS_AES_256_GCM_SHA384), await NegotiateAsync(bed, SslProtocols.None));
        await Assert.ThrowsAnyAsync<Exception>(() => NegotiateAsync(bed, SslProtocols.Tls12));
        await using var older = await StartAsync(new() { CipherSuites = ["ECDHE-ECDSA-AES128-GCM-SHA256"] });
        Assert.Equal((SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256), await NegotiateAsync(older, SslProtocols.Tls12));
    }

    [Fact]
    public async Task A_required_client_certificate_is_checked_and_rules_can_ask_for_its_subject()
    {
        await using var bed = await StartAsync(
            new() { ClientCertificates = ClientCertificateMode.Required, ClientCaFile = _certificates.CaFile },
            new AccessRule("alice", AccessAction.Allow, new() { CertificateSubject = new("CN=alice") }), new AccessRule("others", AccessAction.Deny, new()));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(bed, _certificates.Client("alice")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(bed, _certificates.Client("bob")));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => StatusAsync(bed, null));
        using var strangers = new TestCertificates();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => StatusAsync(bed, strangers.Client("alice")));
        Assert.Equal(2, bed.Frontend.Counters.Http.Requests);
    }

    [Fact]
    public async Task An_optional_client_certificate_may_be_missing_but_not_be_wrong()
    {
        await using var bed = await StartAsync(new() { ClientCertificates = ClientCertificateMode.Optional, ClientCaFile = _certificates.CaFile });
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(bed, null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(bed, _certificates.Client("alice")));
        using var strangers = new TestCertificates();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => StatusAsync(bed, strangers.Client("alice")));
    }

    [Fact]
    public async Task A_changed_file_counts_for_new_connections_and_a_broken_one_does_not()
    {
        await using var bed = await StartAsync(Tls("shop.example"));
        var before = (await ConnectAsync(bed, "shop.example")).SerialNumber;
        // It is good for a day.
        await Eventually.IsTrueAsync(() => bed.Log.Lines.Any(l => l.Id.Id == 1502 && l.Text.Contains("(frontend web: ", StringComparison.Ordinal)), "its end is announced");
        await File.WriteAllTextAsync(Path.Combine(_certificates.Folder, "shop.example.pem"), "no certificate");
        await Eventually.IsTrueAsync(() => bed.Log.Lines.Any(l => l.Id.Id == 1501), "the broken file is complained of");
        Assert.Equal(before, (await ConnectAsync(bed, "shop.example")).SerialNumber);
        _certificates.Write("shop.example.pem", "shop.example");
        await Eventually.IsTrueAsync(async () => (await ConnectAsync(bed, "shop.example")).SerialNumber != before, () => "the new one is shown");
        Assert.Contains(bed.Log.Lines, l => l.Id.Id == 1500);
    }

    [Fact]
    public async Task For_development_a_certificate_is_made()
    {
        await using var bed = await StartAsync(new());
        Assert.Equal("CN=dbproxy", (await ConnectAsync(bed, "localhost")).Subject);
        Assert.Equal("self-signed", bed.Frontend.Certificates.Single().Source);
    }

    [Fact]
    public async Task Who_never_finishes_the_handshake_is_sent_away()
    {
        await using var bed = await HttpBed.StartAsync(1, f => f with { Tls = new(), HandshakeTimeout = TimeSpan.FromSeconds(1) });
        var connection = await bed.RawAsync();
        await connection.WriteAsync(new byte[] { 22, 3, 1 });
        Assert.Equal("", await connection.ReadToEndAsync());
        await Eventually.IsTrueAsync(() => bed.Frontend.Counters.Active == 0, "the connection is closed");
        Assert.Equal(1, bed.Frontend.Counters.ProtocolErrors);
        Assert.Matches("^127\\.0\\.0\\.1:[0-9]+ web PR: the TLS handshake", bed.Log.Lines.Single(l => l.Id.Id == 4112).Text);
    }

    public void Dispose() => _certificates.Dispose();

    private FrontendTls Tls(params string[] names) => new() { Certificates = [.. names.Select(n => new CertificateFiles(_certificates.Write($"{n.Replace('*', '_')}.pem", n)))] };

    private static Task<HttpBed> StartAsync(FrontendTls tls, params AccessRule[] access) => HttpBed.StartAsync(1, f => f with { Tls = tls, Access = [.. access] });

    private static async Task<X509Certificate2> ConnectAsync(HttpBed bed, string name)
    {
        await using var tls = await OpenAsync(bed, new() { TargetHost = name });
        return X509CertificateLoader.LoadCertificate(tls.RemoteCertificate!.Export(X509ContentType.Cert));
    }

    private static async Task<(SslProtocols, TlsCipherSuite)> NegotiateAsync(HttpBed bed, SslProtocols version)
    {
        await using var tls = await OpenAsync(bed, new() { TargetHost = "x", EnabledSslProtocols = version });
        return (tls.SslProtocol, tls.NegotiatedCipherSuite);
    }

    private static async Task<SslStream> OpenAsync(HttpBed bed, SslClientAuthenticationOptions options)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(bed.EndPoint);
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        await tls.AuthenticateAsClientAsync(options);
        return tls;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpBed bed, X509Certificate2? certificate)
    {
        var client = bed.NewClient(h => h.SslOptions.ClientCertificates = certificate is null ? null : [certificate]);
        using var response = await client.GetAsync(bed.Url);
        return response.StatusCode;
    }
}
