namespace DbProxy.SampleApp.Data;

/// <summary>Rows, and the server that gave them: host name/server id; null when there was no row to tell it.</summary>
internal sealed record Answered<T>(T Value, string? By);
