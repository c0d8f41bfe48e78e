namespace DbProxy.Demo.Site.Members;

/// <summary>What a member's process does.</summary>
internal enum MemberState
{
    /// <summary>There is none.</summary>
    Stopped,

    Running,

    /// <summary>Hung by SIGSTOP.</summary>
    Paused,
}
