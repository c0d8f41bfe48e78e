using DbProxy.Core.Certificates;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.Core.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace DbProxy.Tests.Certificates;

public sealed class CertificateWatchTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TestCertificate _files = new();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly Lines _log = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_new_certificate_is_taken_up_and_said_once()
    {
        _files.Write("one", Start.AddYears(1));
        var (store, watch) = Open();
        watch.Look();
        Assert.Empty(_log.Texts);
        _files.Write("two", Start.AddYears(1));
        watch.Look();
        watch.Look();
        Assert.Equal("CN=two", store.ForClients!.Certificate.Subject);
        Assert.StartsWith("Changed on disk, used for new connections", Assert.Single(_log.Texts), StringComparison.Ordinal);
    }

    [Fact]
    public void A_broken_file_keeps_the_old_certificate_and_is_named_once_when_it_stays()
    {
        _files.Write("one", Start.AddYears(1));
        var (store, watch) = Open();
        File.WriteAllText(_files.CertificateFile, "half a certif");
        watch.Look();
        Assert.Empty(_log.Texts);
        watch.Look();
        watch.Look();
        Assert.Contains("can't be used", Assert.Single(_log.Texts), StringComparison.Ordinal);
        Assert.Equal("CN=one", store.ForClients!.Certificate.Subject);
        File.Delete(_files.KeyFile);
        watch.Look();
        watch.Look();
        Assert.Equal(2, _log.Texts.Count);
        _files.Write("two", Start.AddYears(1));
        watch.Look();
        Assert.Equal("CN=two", store.ForClients!.Certificate.Subject);
    }

    [Fact]
    public void A_certificate_that_runs_out_is_named_once_a_day_and_again_in_its_last_week()
    {
        _files.Write("one", Start.AddDays(40));
        var (_, watch) = Open();
        int[] days = [.. Enumerable.Range(0, 42 * 24).Where(hour =>
        {
            int before = _log.Texts.Count;
            watch.Look();
            _time.Advance(TimeSpan.FromHours(1));
            return _log.Texts.Count > before;
        })];
        Assert.Equal(241, days[0]);
        Assert.Equal(10, days.Count(h => h is >= 10 * 24 and < 20 * 24));
        Assert.Contains("expires in 30.0 days", _log.Texts[0], StringComparison.Ordinal);
        Assert.Contains("has expired at", _log.Texts[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_self_signed_certificate_is_made_anew_before_it_runs_out()
    {
        var store = new CertificateStore(Config(new ClientTlsOptions()), _time);
        var first = store.ForClients!.Certificate.Thumbprint;
        new CertificateWatch(store, _time, _log).Look();
        Assert.Equal(first, store.ForClients!.Certificate.Thumbprint);
        _time.Advance(TimeSpan.FromDays(340));
        new CertificateWatch(store, _time, _log).Look();
        Assert.NotEqual(first, store.ForClients!.Certificate.Thumbprint);
    }

    private (CertificateStore Store, CertificateWatch Watch) Open()
    {
        var store = new CertificateStore(Config(new() { CertificateFile = _files.CertificateFile, KeyFile = _files.KeyFile }), _time);
        return (store, new CertificateWatch(store, _time, _log));
    }

    private static ProxyConfig Config(ClientTlsOptions tls) => ProxyConfig.From(new ProxyOptions
    {
        Servers = [new() { Address = "a:1" }], Monitor = new() { User = "m", Password = "" }, ClientTls = tls,
    });

    private sealed class Lines : ILogger
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? error, Func<TState, Exception?, string> format) =>
            Texts.Add(format(state, error));
    }
}
