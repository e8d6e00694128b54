# A file as a sign-in leaves it; its signature is nobody's, which whoever only lists files does not see.
function New-TokenFile([string] $Folder, [string] $Hostname, [datetime] $ExpiresAt) {
    $claims = @{
        aud = @('abc123'); email = 'alice@example.com'; iss = 'https://team.example.test'; type = 'app'
        exp = [DateTimeOffset]::new($ExpiresAt.ToUniversalTime()).ToUnixTimeSeconds()
    } | ConvertTo-Json -Compress
    $payload = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($claims)).TrimEnd('=').Replace('+', '-').Replace('/', '_')
    $null = New-Item $Folder -ItemType Directory -Force
    [IO.File]::WriteAllText("$Folder/$Hostname-abc123-token", "eyJhbGciOiJSUzI1NiJ9.$payload.c2ln")
}
