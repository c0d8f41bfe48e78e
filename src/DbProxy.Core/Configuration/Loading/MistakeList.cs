namespace DbProxy.Core.Configuration.Loading;

/// <summary>Collects mistakes by key and knows where each key was written.</summary>
internal sealed class MistakeList
{
    private readonly Dictionary<string, Place> _places = new(StringComparer.Ordinal);
    private readonly List<(Place Place, ConfigMistake Mistake)> _found = [];

    public bool IsEmpty => _found.Count == 0;

    /// <summary>In the order of the file; what has no line keeps its order at the end.</summary>
    public IReadOnlyList<ConfigMistake> All =>
        [.. _found.OrderBy(f => f.Place.Line == 0 ? int.MaxValue : f.Place.Line).ThenBy(f => f.Place.Column).Select(f => f.Mistake)];

    public void Remember(string path, Place place) => _places[path] = place;

    /// <summary>Notes a mistake at a key's place. The first one about a key counts: later ones would follow from it.</summary>
    public void Add(string path, string message)
    {
        if (!Has(path)) Add(PlaceOf(path), path, message);
    }

    public void Add(Place place, string path, string message) =>
        _found.Add((place, new ConfigMistake(place.ToString(), path, message)));

    /// <summary>Whether there is a mistake about this very key.</summary>
    public bool Has(string path) => _found.Exists(f => f.Mistake.Path == path);

    /// <summary>The key's own place, or that of the nearest section around it.</summary>
    private Place PlaceOf(string path)
    {
        for (var at = path; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOfAny(['.', '[']))])
            if (_places.TryGetValue(at, out var place)) return place;
        return Place.None;
    }
}
