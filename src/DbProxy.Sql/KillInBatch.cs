namespace DbProxy.Sql;

/// <summary>Where a KILL stands in a text of several statements.</summary>
/// <param name="Begin">Its offset; 0: no statement stands before it.</param>
/// <param name="End">Behind it and its semicolon.</param>
/// <param name="IsLast">Whether no statement stands behind it.</param>
public readonly record struct KillInBatch(int Begin, int End, bool IsLast);
