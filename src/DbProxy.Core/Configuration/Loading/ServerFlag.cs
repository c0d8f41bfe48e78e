namespace DbProxy.Core.Configuration.Loading;

/// <summary>Reads <c>--server host:port[,weight=N][,name=x]</c>.</summary>
internal static class ServerFlag
{
    public static ConfigNode? Read(FlagValue flag, MistakeList mistakes)
    {
        // The whole argument is the place: with several --server flags the name alone says too little.
        var place = new Place($"{flag.Flag} {flag.Value}");
        var parts = flag.Value.Split(',');
        var node = new ConfigNode(NodeKind.Object, place);
        node.Set(nameof(ServerOptions.Address), new ConfigNode(NodeKind.Text, place, parts[0].Trim()));
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=');
            var key = (equals < 0 ? part : part[..equals]).Trim();
            var property = key.ToUpperInvariant() switch
            {
                "WEIGHT" => nameof(ServerOptions.Weight),
                "NAME" => nameof(ServerOptions.Name),
                _ => null,
            };
            if (equals < 0 || property is null)
            {
                mistakes.Add(place, "", $"\"{part}\" is not understood; write host:port[,weight=N][,name=x]");
                return node;
            }
            node.Set(property, new ConfigNode(NodeKind.Text, place, part[(equals + 1)..].Trim()));
        }
        return node;
    }
}
