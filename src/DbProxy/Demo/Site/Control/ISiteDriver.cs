namespace DbProxy.Demo.Site.Control;

/// <summary>Changes a running site. Scenarios know nothing else of it, so that they work on any kind of it.</summary>
internal interface ISiteDriver
{
    /// <summary>Does it, and tells the state behind it.</summary>
    /// <exception cref="SiteException">It failed, or the site can't be reached.</exception>
    Task<SiteView> DoAsync(SiteOrder order, CancellationToken cancel);
}
