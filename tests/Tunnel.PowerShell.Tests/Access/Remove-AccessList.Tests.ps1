BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
    New-AccessList operators alice@example.com | Out-Null
}

AfterAll { Stop-Lab $lab }

Describe 'Remove-AccessList' {
    It 'removes nothing with -WhatIf' {
        Remove-AccessList operators -WhatIf
        Get-AccessList operators | Should -Not -BeNullOrEmpty
    }

    It 'leaves a list that a group names, and says which' {
        New-AccessGroup staff -Include email_list:operators | Out-Null
        { Remove-AccessList operators -Confirm:$false -ErrorAction Stop } | Should -Throw "*the group 'staff'*" -ErrorId 'ResourceConflict,*'
        Remove-AccessGroup staff -Confirm:$false
    }

    It 'removes the lists of the pipeline' {
        Get-AccessList | Remove-AccessList -Confirm:$false
        Get-AccessList | Should -BeNullOrEmpty
        { Remove-AccessList operators -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'ResourceNotFound,*'
    }
}
