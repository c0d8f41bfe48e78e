using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer.Reloading;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace DbProxy.Hosting;

/// <summary>The levels of the configuration in force; a reload's count at once, for loggers that are there already.</summary>
internal sealed class LogLevels : IConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>
{
    private readonly ConfigStore _store;
    private ConfigurationReloadToken _change = new();

    public LogLevels(ConfigStore store)
    {
        _store = store;
        store.Attach(_ => Task.FromResult<IPreparedChange>(new PreparedChange(() => Interlocked.Exchange(ref _change, new()).OnReload())));
    }

    public string Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => _change;

    public void Configure(LoggerFilterOptions options)
    {
        var config = _store.Current.Logging;
        options.MinLevel = config.Level;
        // The host's own categories speak of services and lifetimes, which is no news to an operator.
        Add("Microsoft", config.Level < LogLevel.Warning ? LogLevel.Warning : config.Level);
        foreach (var (category, level) in config.Categories) Add(category, level);

        void Add(string category, LogLevel level) => options.Rules.Add(new(null, category, level, null));
    }
}
