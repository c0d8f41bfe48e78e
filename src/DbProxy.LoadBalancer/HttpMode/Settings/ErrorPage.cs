namespace DbProxy.LoadBalancer.HttpMode.Settings;

/// <summary>A page for an error that is made here.</summary>
/// <param name="Body">Its text.</param>
/// <param name="ContentType">The type of the text.</param>
public sealed record ErrorPage(string Body, string ContentType = "text/html; charset=utf-8");
