namespace DbProxy.Protocol.Packets;

/// <summary>One change of session state in an OK packet. The spans alias the packet.</summary>
public readonly ref struct SessionStateChange
{
    internal SessionStateChange(SessionStateKind kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Kind = kind;
        Name = name;
        Value = value;
    }

    /// <summary>What changed; values this type doesn't name may come from newer servers.</summary>
    public SessionStateKind Kind { get; }

    /// <summary>The variable's name for <see cref="SessionStateKind.SystemVariable"/>, else empty.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>The value; raw data for an unknown kind.</summary>
    public ReadOnlySpan<byte> Value { get; }
}
