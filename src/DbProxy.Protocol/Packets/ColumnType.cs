namespace DbProxy.Protocol.Packets;

/// <summary>Column types. Source: MySQL's enum_field_types.</summary>
public enum ColumnType : byte
{
    /// <summary>DECIMAL of before 5.0.</summary>
    Decimal = 0x00,
    /// <summary>TINYINT.</summary>
    Tiny = 0x01,
    /// <summary>SMALLINT.</summary>
    Short = 0x02,
    /// <summary>INT.</summary>
    Long = 0x03,
    /// <summary>FLOAT.</summary>
    Float = 0x04,
    /// <summary>DOUBLE.</summary>
    Double = 0x05,
    /// <summary>NULL.</summary>
    Null = 0x06,
    /// <summary>TIMESTAMP.</summary>
    Timestamp = 0x07,
    /// <summary>BIGINT.</summary>
    LongLong = 0x08,
    /// <summary>MEDIUMINT.</summary>
    Int24 = 0x09,
    /// <summary>DATE.</summary>
    Date = 0x0a,
    /// <summary>TIME.</summary>
    Time = 0x0b,
    /// <summary>DATETIME.</summary>
    DateTime = 0x0c,
    /// <summary>YEAR.</summary>
    Year = 0x0d,
    /// <summary>VARCHAR.</summary>
    VarChar = 0x0f,
    /// <summary>BIT.</summary>
    Bit = 0x10,
    /// <summary>JSON.</summary>
    Json = 0xf5,
    /// <summary>DECIMAL.</summary>
    NewDecimal = 0xf6,
    /// <summary>ENUM.</summary>
    Enum = 0xf7,
    /// <summary>SET.</summary>
    Set = 0xf8,
    /// <summary>TINYBLOB, TINYTEXT.</summary>
    TinyBlob = 0xf9,
    /// <summary>MEDIUMBLOB, MEDIUMTEXT.</summary>
    MediumBlob = 0xfa,
    /// <summary>LONGBLOB, LONGTEXT.</summary>
    LongBlob = 0xfb,
    /// <summary>BLOB, TEXT.</summary>
    Blob = 0xfc,
    /// <summary>VARCHAR, VARBINARY.</summary>
    VarString = 0xfd,
    /// <summary>CHAR, BINARY.</summary>
    String = 0xfe,
    /// <summary>Spatial types.</summary>
    Geometry = 0xff,
}
