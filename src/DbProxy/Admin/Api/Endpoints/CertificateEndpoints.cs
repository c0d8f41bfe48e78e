using DbProxy.Admin.Api.Models;

namespace DbProxy.Admin.Api.Endpoints;

/// <summary>The certificates in use and when they expire.</summary>
internal static class CertificateEndpoints
{
    public static void Map(RouteGroupBuilder api, AdminContext context) =>
        api.MapGet("/certificates", () => InUse(context)).WithSummary("The certificates in use, the next to expire first");

    private static CertificateInfo[] InUse(AdminContext context)
    {
        var now = DateTimeOffset.UtcNow;
        var frontends = (context.Balancer?.Frontends ?? []).SelectMany(f => f.Certificates.Select(c => ($"frontend {f.Config.Name}", c.Source, c.Subject, c.NotAfter)));
        var mysql = (context.Proxy?.Certificates.InUse ?? []).Select(c => ($"mysql {c.Side}", c.Source, c.Subject, c.NotAfter));
        return [.. frontends.Concat(mysql).OrderBy(c => c.NotAfter)
            .Select(c => new CertificateInfo(c.Item1, c.Source, c.Subject, c.NotAfter, Math.Round((c.NotAfter - now).TotalDays, 1)))];
    }
}
