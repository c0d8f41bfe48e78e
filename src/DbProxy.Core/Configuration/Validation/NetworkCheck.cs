using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using DbProxy.Core.Configuration.Loading;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>Networks, and what else listeners need.</summary>
internal static class NetworkCheck
{
    public static ImmutableArray<IPNetwork> Trusted(ProxyProtocolOptions options, MistakeList mistakes)
    {
        var networks = ImmutableArray.CreateBuilder<IPNetwork>();
        for (var i = 0; i < options.TrustedNetworks.Count; i++)
        {
            var text = options.TrustedNetworks[i];
            if (IPNetwork.TryParse(text, out var network))
                networks.Add(network);
            else if (IPAddress.TryParse(text, out var address))
                networks.Add(new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128));
            else
                mistakes.Add($"ProxyProtocol.TrustedNetworks[{i}]", $"\"{text}\" is not a network; write for example \"10.0.0.0/8\" or \"fd00::/8\"");
        }
        return networks.ToImmutable();
    }

    public static UnixFileMode SocketMode(string text, MistakeList mistakes)
    {
        if (text.Length is 3 or 4 && text.AsSpan().IndexOfAnyExceptInRange('0', '7') < 0 && (text.Length == 3 || text[0] == '0'))
            return (UnixFileMode)text.Aggregate(0, (mode, digit) => (mode << 3) + (digit - '0'));
        mistakes.Add("ListenSocketMode", $"\"{text}\" is not a mode; write for example \"0660\"");
        return default;
    }
}
