namespace DbProxy.Core.Configuration;

/// <summary>A password in memory that no log line, exception or record shows by accident.</summary>
public sealed class Secret : IEquatable<Secret>
{
    private readonly string _value;

    /// <summary>Wraps <paramref name="value"/>; an empty string is an account without a password.</summary>
    public Secret(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _value = value;
    }

    /// <summary>The password itself; call it only where it is sent or hashed.</summary>
    public string Reveal() => _value;

    /// <summary>The password as the protocol hashes it: UTF-8 without a terminator. A fresh copy for each call.</summary>
    public ReadOnlySpan<byte> Utf8 => System.Text.Encoding.UTF8.GetBytes(_value);

    /// <inheritdoc/>
    public bool Equals(Secret? other) => other is not null && _value == other._value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode(StringComparison.Ordinal);

    /// <summary>Never the password.</summary>
    public override string ToString() => "***";
}
