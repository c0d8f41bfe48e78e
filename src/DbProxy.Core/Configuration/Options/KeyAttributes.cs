namespace DbProxy.Core.Configuration;

/// <summary>The range of a number, duration or size, both ends included, written as the configuration writes it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AllowedAttribute(string min, string max) : Attribute
{
    /// <summary>The smallest value.</summary>
    public string Min { get; } = min;

    /// <summary>The largest value.</summary>
    public string Max { get; } = max;
}

/// <summary>Marks a section whose keys take effect on reload; the others wait for a restart.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LiveAttribute : Attribute;

/// <summary>Says the default in words, where it is no constant.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefaultTextAttribute(string text) : Attribute
{
    /// <summary>The words.</summary>
    public string Text { get; } = text;
}

/// <summary>An example for a key that has no telling default.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ExampleAttribute(string text) : Attribute
{
    /// <summary>The example, without quotes.</summary>
    public string Text { get; } = text;
}
