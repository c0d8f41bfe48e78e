namespace DbProxy.Demo.Site;

/// <summary>The site, or a part of it, could not be started or changed. The message is for users.</summary>
internal sealed class SiteException(string message) : Exception(message);
