using System.Net;
using DbProxy.LoadBalancer.Limits;

namespace DbProxy.Admin.Access;

/// <summary>Slows down whoever guesses passwords: after so many wrong ones a source is heard again when a minute has passed.</summary>
internal sealed class FailedAttempts : IDisposable
{
    /// <summary>Wrong passwords of one source within <see cref="Window"/>.</summary>
    public const int Limit = 10;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly SourceRate _rate = new(new() { Permits = Limit, Window = Window });

    /// <summary>Whether a source may try.</summary>
    public bool MayTry(IPAddress source) => _rate.HasRoom(source);

    /// <summary>A source tried in vain.</summary>
    public void Note(IPAddress source) => _rate.TryTake(source);

    public void Dispose() => _rate.Dispose();
}
