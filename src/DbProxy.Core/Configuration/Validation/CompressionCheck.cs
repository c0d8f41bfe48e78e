using System.Collections.Immutable;
using DbProxy.Core.Configuration.Loading;
using DbProxy.Protocol.Compression;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>The algorithms that clients may use: known ones, each once.</summary>
internal static class CompressionCheck
{
    public static ImmutableArray<CompressionAlgorithm> Allowed(ProxyOptions options, MistakeList mistakes)
    {
        var allowed = ImmutableArray.CreateBuilder<CompressionAlgorithm>();
        for (var i = 0; i < options.ClientCompression.Count; i++)
        {
            var (text, path) = (options.ClientCompression[i], $"ClientCompression[{i}]");
            if (!OptionTypes.TryParse(typeof(CompressionAlgorithm), text, out var value, out _) || value is CompressionAlgorithm.None)
                mistakes.Add(path, $"\"{text}\" is not one of Zlib, Zstd; an empty list allows no compression");
            else if (allowed.Contains((CompressionAlgorithm)value!))
                mistakes.Add(path, $"\"{text}\" is there already");
            else
                allowed.Add((CompressionAlgorithm)value!);
        }
        return allowed.ToImmutable();
    }
}
