using DbProxy.Demo.Site.Members;

namespace DbProxy.Demo.Site.Control;

/// <summary>The site as those outside need to know it.</summary>
/// <param name="Hosts">The addresses of the front ends, as a name server would give them.</param>
/// <param name="Port">Their https port.</param>
/// <param name="CertificatePath">Whom to trust, a PEM file.</param>
/// <param name="Primary">The name of the primary.</param>
/// <param name="Members">All processes.</param>
internal sealed record SiteView(
    IReadOnlyList<string> Hosts, int Port, string CertificatePath, string Primary, IReadOnlyList<MemberView> Members)
{
    /// <summary>The names of a tier's members that run.</summary>
    public IReadOnlyList<string> Running(string tier) =>
        [.. Members.Where(m => m.Tier == tier && m.State == MemberState.Running).Select(m => m.Name)];

    /// <summary>A database server that is no primary, the last one.</summary>
    public string Replica => Members.Last(m => m.Tier == Tiers.Database && m.Name != Primary).Name;
}
