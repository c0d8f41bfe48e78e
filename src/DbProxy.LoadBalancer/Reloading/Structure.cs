using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;

namespace DbProxy.LoadBalancer.Reloading;

/// <summary>Compares configurations by what is in them: a record compares its collections by identity only.</summary>
public static class Structure
{
    /// <summary>Whether two values of this product's types say the same.</summary>
    public static bool Same(object? a, object? b) => (a, b) switch
    {
        _ when ReferenceEquals(a, b) => true,
        (null, _) or (_, null) => false,
        _ when a.GetType() != b.GetType() => false,
        (string x, string y) => x == y,
        (Regex x, Regex y) => x.ToString() == y.ToString() && x.Options == y.Options,
        (IDictionary x, IDictionary y) => x.Count == y.Count && x.Keys.Cast<object>().All(k => y.Contains(k) && Same(x[k], y[k])),
        (IEnumerable x, IEnumerable y) => Same(x, y),
        _ when IsOurs(a.GetType()) || IsPair(a.GetType()) => Properties(a.GetType()).All(p => Same(p.GetValue(a), p.GetValue(b))),
        _ => a.Equals(b),
    };

    private static bool Same(IEnumerable a, IEnumerable b)
    {
        var (x, y) = (a.Cast<object?>().ToList(), b.Cast<object?>().ToList());
        return x.Count == y.Count && x.Zip(y).All(pair => Same(pair.First, pair.Second));
    }

    private static bool IsOurs(Type type) => !type.IsEnum && type.Namespace?.StartsWith(nameof(DbProxy), StringComparison.Ordinal) == true;

    private static bool IsPair(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    private static IEnumerable<PropertyInfo> Properties(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0);
}
