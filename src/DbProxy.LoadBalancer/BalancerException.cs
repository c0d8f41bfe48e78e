namespace DbProxy.LoadBalancer;

/// <summary>A configuration can't be put in force; the message says why in words for an operator.</summary>
public sealed class BalancerException : Exception
{
    /// <summary>With the reason.</summary>
    public BalancerException(string message) : base(message)
    {
    }

    /// <summary>With the reason and what was behind it.</summary>
    public BalancerException(string message, Exception inner) : base(message, inner)
    {
    }
}
