namespace DbProxy.Protocol.Login;

/// <summary>The nonces that a client was given by the logins on its connection.</summary>
/// <param name="Greeting">That of the greeting, with which some clients hash as long as the connection lasts.</param>
/// <param name="Last">That of the last authentication switch; without one, the greeting's.</param>
public readonly record struct LoginNonces(byte[]? Greeting, byte[]? Last);
