namespace DbProxy.Admin.Api.Models;

/// <summary>A certificate in use.</summary>
/// <param name="Of">Who shows it: "frontend NAME", "mysql clients" (the proxy to them), "mysql servers" (the proxy to a server, or a server).</param>
/// <param name="Source">The file that it is from, or the server that showed it.</param>
/// <param name="Subject">Whose it is.</param>
/// <param name="NotAfter">Until when it is good.</param>
/// <param name="DaysLeft">How many days that is; negative: it has expired.</param>
internal sealed record CertificateInfo(string Of, string Source, string Subject, DateTimeOffset NotAfter, double DaysLeft);
