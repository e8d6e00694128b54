BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Wait-TunnelZone' {
    It 'gives an active zone at once' {
        (Wait-TunnelZone example.test -Timeout 1).Status | Should -Be 'active'
    }

    It 'waits for a pending one' {
        $account = Start-TunnelEdge "$($lab.Folder)/pending" -PendingZones | Connect-TunnelAccount
        $zone = New-TunnelZone other.test -Account $account
        $zone.Status | Should -Be 'pending'
        ($zone | Wait-TunnelZone -Timeout 20 -Account $account).Status | Should -Be 'active'
    }
}
