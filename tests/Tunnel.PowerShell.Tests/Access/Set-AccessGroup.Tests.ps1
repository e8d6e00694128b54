BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Set-AccessGroup' {
    BeforeEach { New-AccessGroup staff -Include '@example.com' -Exclude eve@example.com | Out-Null }
    AfterEach { Get-AccessGroup | Remove-AccessGroup -Confirm:$false }

    It 'changes only what is given' {
        $changed = Get-AccessGroup staff | Set-AccessGroup -Include everyone -Confirm:$false
        $changed.Summary | Should -Be 'everyone; not eve@example.com'
    }

    It 'changes nothing with -WhatIf' {
        Set-AccessGroup staff -Include everyone -WhatIf
        "$((Get-AccessGroup staff).Include)" | Should -Be '@example.com'
    }

    It 'refuses a group that would contain itself' {
        { Set-AccessGroup staff -Include group:staff -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'ApiRefused,*'
    }
}
