namespace DbProxy.Core.Monitoring;

/// <summary>A server's role and the sentence that explains it.</summary>
/// <param name="Role">The role.</param>
/// <param name="Why">Why it has this role.</param>
internal readonly record struct ElectedRole(ServerRole Role, string Why);
