using System.Security.Cryptography;

namespace DbProxy.Transport.Certificates;

/// <summary>What is made of some small files, made anew when their contents change.</summary>
/// <remarks>
/// By their contents: a timestamp can stay the same, and files that Kubernetes mounts change behind a symbolic link of
/// their folder. Certificate and key are two files, so what doesn't load may be half written: it is complained of only
/// when it is still there at the next look.
/// </remarks>
public sealed class WatchedFiles<T>(IReadOnlyList<string> files, Func<T> load)
    where T : class
{
    // Before the files are loaded: what changes meanwhile is then seen at the first look.
    private string _loaded = Fingerprint(files);
    private T _current = load();
    private string _broken = "";
    private int _sightings;

    /// <summary>The last that could be made.</summary>
    public T Current => Volatile.Read(ref _current);

    /// <summary>Looks at the files. One call at a time.</summary>
    /// <param name="problem">Why the new contents can't be used, said once; else null.</param>
    /// <returns>Whether <see cref="Current"/> is new.</returns>
    public bool Refresh(out string? problem)
    {
        problem = null;
        string now = Fingerprint(files);
        if (now == _loaded)
        {
            _broken = "";
            return false;
        }

        try
        {
            T made = load();
            Volatile.Write(ref _current, made);
            _loaded = now;
            _broken = "";
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            problem = Complaint(now, e);
            return false;
        }
    }

    private string? Complaint(string now, Exception why)
    {
        _sightings = _broken == now ? _sightings + 1 : 1;
        _broken = now;
        return _sightings == 2 ? $"{string.Join(", ", files)}: {why.Message}" : null;
    }

    private static string Fingerprint(IReadOnlyList<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string file in files)
        {
            try
            {
                hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                hash.AppendData([0]);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
