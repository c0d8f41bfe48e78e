using System.Globalization;

namespace DbProxy.Core.Gtids;

/// <summary>Consecutive transactions of one source, both ends included.</summary>
/// <param name="Source">Who numbered them.</param>
/// <param name="ServerId">MariaDB: the server that wrote the last of them; 0 for MySQL.</param>
/// <param name="Low">The first number; MariaDB positions are single numbers, so there it equals
/// <see cref="High"/>.</param>
/// <param name="High">The last number.</param>
public readonly record struct GtidRange(GtidSource Source, uint ServerId, ulong Low, ulong High)
{
    /// <summary>Whether this is a MariaDB position, written domain-server-sequence.</summary>
    public bool IsMariaDb => Source.Uuid == Guid.Empty;

    /// <summary>The range as the server writes it.</summary>
    public override string ToString()
    {
        if (IsMariaDb)
            return string.Create(CultureInfo.InvariantCulture, $"{Source.Domain}-{ServerId}-{High}");
        var tag = Source.Tag is null ? "" : Source.Tag + ":";
        return Low == High
            ? string.Create(CultureInfo.InvariantCulture, $"{Source.Uuid}:{tag}{Low}")
            : string.Create(CultureInfo.InvariantCulture, $"{Source.Uuid}:{tag}{Low}-{High}");
    }
}
