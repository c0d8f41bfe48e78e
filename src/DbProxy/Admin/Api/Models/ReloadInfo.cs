namespace DbProxy.Admin.Api.Models;

/// <summary>The configuration in force, and the last attempt to read it again.</summary>
/// <param name="File">The configuration file; null: there is none.</param>
/// <param name="LastReload">The last attempt to read it again; null: there was none.</param>
internal sealed record ConfigInfo(string? File, ReloadInfo? LastReload);

/// <summary>An attempt to read the configuration again.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Applied">Whether it is in force; if not, the former one stays.</param>
/// <param name="Mistakes">Why it is not, each with its place.</param>
/// <param name="NeedRestart">Sections that differ, but count from the next start on.</param>
internal sealed record ReloadInfo(DateTimeOffset At, bool Applied, string[] Mistakes, string[] NeedRestart);
