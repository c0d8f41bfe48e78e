namespace DbProxy.Protocol.Responses;

/// <summary>What a response must look like to the client, where that differs from what the server sends.</summary>
/// <param name="ServerDeprecatesEof">Whether DEPRECATE_EOF was negotiated with the server.</param>
/// <param name="ClientDeprecatesEof">Whether DEPRECATE_EOF was negotiated with the client.</param>
/// <param name="ServerTracksSession">Whether SESSION_TRACK was negotiated with the server.</param>
/// <param name="ClientTracksSession">Whether SESSION_TRACK was negotiated with the client.</param>
/// <param name="Status">Status flags for an EOF packet that the server did not send.</param>
/// <param name="OptionalMetadata">Whether both sides negotiated that columns may be left out; a flag then says whether they are.</param>
/// <param name="Filter">Which session state the client gets; null: what servers report by default.</param>
/// <param name="MoreFollows">Whether another response belongs to the same answer: the end of this one says so.</param>
public readonly record struct ResponseTranslation(
    bool ServerDeprecatesEof,
    bool ClientDeprecatesEof,
    bool ServerTracksSession,
    bool ClientTracksSession,
    ServerStatus Status,
    bool OptionalMetadata = false,
    SessionStateFilter? Filter = null,
    bool MoreFollows = false)
{
    /// <summary>For the proxy's own commands: nothing is sent on, so nothing is translated.</summary>
    /// <param name="deprecateEof">Whether DEPRECATE_EOF was negotiated with the server.</param>
    /// <param name="sessionTrack">Whether SESSION_TRACK was negotiated with the server.</param>
    /// <param name="optionalMetadata">Whether columns may be left out.</param>
    public static ResponseTranslation None(bool deprecateEof, bool sessionTrack, bool optionalMetadata = false) =>
        new(deprecateEof, deprecateEof, sessionTrack, sessionTrack, 0, optionalMetadata);
}
