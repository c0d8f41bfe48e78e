namespace DbProxy.SampleApp.Data;

/// <summary>What a customer sends.</summary>
internal sealed record NewOrder(int ProductId, int Quantity = 1, string? Customer = null)
{
    public const int MaxQuantity = 100;
    public const int MaxCustomer = 60;

    /// <summary>What is wrong with it, or null.</summary>
    public string? Mistake =>
        Quantity is < 1 or > MaxQuantity ? $"quantity is {Quantity}; it takes 1 to {MaxQuantity}"
        : Customer is { Length: > MaxCustomer } ? $"customer takes at most {MaxCustomer} characters"
        : null;
}
