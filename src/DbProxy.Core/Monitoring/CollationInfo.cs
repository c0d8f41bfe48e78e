namespace DbProxy.Core.Monitoring;

/// <summary>A collation as a server names it.</summary>
/// <param name="Charset">The character set, such as <c>utf8mb4</c>.</param>
/// <param name="Collation">The full name, such as <c>utf8mb4_0900_ai_ci</c>.</param>
public readonly record struct CollationInfo(string Charset, string Collation);
