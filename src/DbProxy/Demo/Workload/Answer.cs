namespace DbProxy.Demo.Workload;

/// <summary>One row of the shop, with the server that gave it and the one that wrote it.</summary>
/// <param name="Found">Whether there was a row.</param>
/// <param name="Value">Its first column.</param>
/// <param name="WrittenBy">Its second column, a server id.</param>
/// <param name="AnsweredBy">@@server_id where the query ran; 0 without a row.</param>
internal readonly record struct Answer(bool Found, long Value, uint WrittenBy, uint AnsweredBy);
