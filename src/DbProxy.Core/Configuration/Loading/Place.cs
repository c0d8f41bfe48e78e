namespace DbProxy.Core.Configuration.Loading;

/// <summary>Where a value was written.</summary>
/// <param name="Source">A file, an environment variable or a flag.</param>
/// <param name="Line">From 1; 0 outside files.</param>
/// <param name="Column">From 1, in characters.</param>
internal readonly record struct Place(string Source, int Line = 0, int Column = 0)
{
    /// <summary>No particular place: a default, or options made by code.</summary>
    public static Place None { get; } = new("");

    /// <summary>Whether it is a place in a file.</summary>
    public bool IsInFile => Line > 0;

    public override string ToString() => IsInFile ? $"{Source}({Line},{Column})" : Source ?? "";
}
