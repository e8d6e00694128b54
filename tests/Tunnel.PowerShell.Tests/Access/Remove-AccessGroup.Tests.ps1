BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Remove-AccessGroup' {
    It 'removes a group, and not with -WhatIf' {
        New-AccessGroup staff -Include everyone | Out-Null
        Remove-AccessGroup staff -WhatIf
        Get-AccessGroup | Should -HaveCount 1
        Get-AccessGroup | Remove-AccessGroup -Confirm:$false
        Get-AccessGroup | Should -BeNullOrEmpty
    }

    It 'leaves a group that another one holds' {
        New-AccessGroup inner -Include everyone | Out-Null
        New-AccessGroup outer -Include group:inner | Out-Null
        { Remove-AccessGroup inner -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'ResourceConflict,*'
        Get-AccessGroup inner | Should -HaveCount 1
    }
}
