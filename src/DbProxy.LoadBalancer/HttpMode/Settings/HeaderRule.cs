namespace DbProxy.LoadBalancer.HttpMode.Settings;

/// <summary>What is done with a header.</summary>
public enum HeaderAction
{
    /// <summary>It gets one more value.</summary>
    Add,

    /// <summary>It gets this value instead of any it has.</summary>
    Set,

    /// <summary>It is taken out.</summary>
    Remove,
}

/// <summary>A change to a header.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Name">The header.</param>
/// <param name="Value">Its value; ignored where it is taken out.</param>
public sealed record HeaderRule(HeaderAction Action, string Name, string Value = "");
