namespace DbProxy.Core.Monitoring;

/// <summary>What comparing a replica with the primary's history says, in monotonic times.</summary>
/// <param name="Complete">The replica has everything that the primary had at that time; null when that isn't
/// known.</param>
/// <param name="Missing">The replica lacks something that the primary had at that time; null when it lacks nothing
/// known.</param>
internal readonly record struct PositionBounds(TimeSpan? Complete, TimeSpan? Missing);
