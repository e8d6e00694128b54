BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'New-AccessList' {
    It 'gives the same list for the same items' {
        $first = New-AccessList operators alice@example.com, bob@example.com
        (New-AccessList operators bob@example.com, ALICE@example.com).Id | Should -Be $first.Id
        { New-AccessList operators carol@example.com -ErrorAction Stop } | Should -Throw -ErrorId 'ResourceConflict,*'
    }

    It 'is a rule of policies' {
        $policy = New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include email_list:operators
        "$($policy.Include)" | Should -Be "email_list:$((Get-AccessList operators).Id)"
    }

    It 'creates nothing with -WhatIf' {
        New-AccessList whatif alice@example.com -WhatIf | Should -BeNullOrEmpty
        Get-AccessList whatif | Should -BeNullOrEmpty
    }
}
