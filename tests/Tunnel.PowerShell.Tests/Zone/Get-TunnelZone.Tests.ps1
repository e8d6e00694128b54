BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Get-TunnelZone' {
    It 'lists zones, by wildcard too' {
        (Get-TunnelZone).Name | Should -Contain 'example.test'
        (Get-TunnelZone ex*).Name | Should -Be 'example.test'
        Get-TunnelZone nothing.test | Should -BeNullOrEmpty
    }

    It 'is shown as a table' {
        Get-TunnelZone | Out-String | Should -Match 'Name\s+Status\s+Id\s+NameServers'
    }
}
