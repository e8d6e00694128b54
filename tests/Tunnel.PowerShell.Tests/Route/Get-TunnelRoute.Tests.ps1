BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Get-TunnelRoute' {
    It 'lists routes, by hostname and by tunnel' {
        'home', 'office' | New-Tunnel | ForEach-Object { $_ | New-TunnelRoute "$($_.Name).example.test" } | Out-Null
        Get-TunnelRoute | Should -HaveCount 2
        (Get-TunnelRoute h*).TunnelName | Should -Be 'home'
        (Get-Tunnel office | Get-TunnelRoute).Hostname | Should -Be 'office.example.test'
        Get-TunnelRoute | Out-String | Should -Match 'Hostname\s+Tunnel\s+Zone'
    }
}
