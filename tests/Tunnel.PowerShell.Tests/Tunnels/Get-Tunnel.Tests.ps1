BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Get-Tunnel' {
    It 'lists tunnels, by wildcard and by status' {
        'home', 'office' | New-Tunnel | Out-Null
        (Get-Tunnel h*).Name | Should -Be 'home'
        Get-Tunnel -Status inactive | Should -HaveCount 2
        Get-Tunnel -Status healthy, degraded | Should -BeNullOrEmpty
    }

    It 'is shown as a table' {
        Get-Tunnel | Out-String | Should -Match 'Name\s+Status\s+Configuration\s+Id'
    }

    It 'shows deleted ones when asked' {
        Remove-Tunnel office -Confirm:$false
        (Get-Tunnel).Name | Should -Be 'home'
        Get-Tunnel -IncludeDeleted | Should -HaveCount 2
    }
}
