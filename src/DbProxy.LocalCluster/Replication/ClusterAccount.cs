using System.Security.Cryptography;

namespace DbProxy.LocalCluster;

/// <summary>A user with the random password that it has in this cluster.</summary>
/// <param name="User">The user's name; it may log in from every host.</param>
/// <param name="Password">24 hexadecimal digits.</param>
public sealed record ClusterAccount(string User, string Password)
{
    internal static ClusterAccount Create(string user) => new(user, RandomNumberGenerator.GetHexString(24, lowercase: true));
}
