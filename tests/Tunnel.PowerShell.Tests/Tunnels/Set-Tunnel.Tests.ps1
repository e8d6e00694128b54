BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Set-Tunnel' {
    It 'renames a tunnel, and gives it another secret' {
        $tunnel = New-Tunnel home
        $token = Get-TunnelToken home -AsPlainText
        ($tunnel | Set-Tunnel -NewName office -Confirm:$false).Id | Should -Be $tunnel.Id
        Get-TunnelToken office -AsPlainText | Should -Be $token
        Set-Tunnel office -ResetSecret -Confirm:$false | Out-Null
        Get-TunnelToken office -AsPlainText | Should -Not -Be $token
    }

    It 'changes nothing with -WhatIf' {
        Set-Tunnel office -NewName other -WhatIf | Out-Null
        (Get-Tunnel).Name | Should -Be 'office'
    }
}
