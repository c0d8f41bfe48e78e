namespace DbProxy.Protocol.Auth.Exchanges;

/// <summary>mysql_clear_password, only where it was allowed and the transport is secure.</summary>
internal sealed class ClearExchange(ExchangeContext context) : ClientExchange
{
    public override ExchangeReply Start()
    {
        if (!context.AllowClearPassword)
        {
            return ExchangeReply.Fail("The server wants the password in clear text (mysql_clear_password), which is not allowed for it.");
        }
        return context.IsSecure
            ? ExchangeReply.Send(context.TerminatedPassword())
            : ExchangeReply.Fail("The server wants the password in clear text (mysql_clear_password): TLS is needed.");
    }
}
