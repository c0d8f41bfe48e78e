namespace DbProxy.Transport.Certificates;

/// <summary>What a look at several <see cref="WatchedFiles{T}"/> found.</summary>
public sealed class FileChanges
{
    private readonly List<string> _renewed = [];
    private readonly List<string> _problems = [];

    /// <summary>The sources that are new.</summary>
    public IReadOnlyList<string> Renewed => _renewed;

    /// <summary>What is wrong with others.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Notes that something is new.</summary>
    /// <param name="source">What.</param>
    public void Renew(string source) => _renewed.Add(source);

    /// <summary>Looks at files; null: there are none.</summary>
    /// <param name="files">The files.</param>
    /// <param name="name">Their name for people.</param>
    /// <returns>Whether what is made of them is new.</returns>
    public bool Look<T>(WatchedFiles<T>? files, string? name)
        where T : class
    {
        string? problem = null;
        bool isNew = files?.Refresh(out problem) == true;
        if (isNew)
        {
            Renew(name!);
        }

        if (problem is not null)
        {
            _problems.Add(problem);
        }

        return isNew;
    }
}
