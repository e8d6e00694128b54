BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'New-AccessGroup' {
    It 'gives the same group for the same rules' {
        $first = New-AccessGroup staff -Include '@example.com' -Require auth_method:mfa
        (New-AccessGroup staff -Include '@example.com' -Require auth_method:mfa).Id | Should -Be $first.Id
        { New-AccessGroup staff -Include everyone -ErrorAction Stop } | Should -Throw -ErrorId 'ResourceConflict,*'
    }

    It 'is a rule of policies and of other groups' {
        New-AccessGroup all -Include group:staff, (Get-AccessGroup staff) | Should -Not -BeNullOrEmpty
        $policy = New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include (Get-AccessGroup all)
        "$($policy.Include)" | Should -Be "group:$((Get-AccessGroup all).Id)"
    }

    It 'creates nothing with -WhatIf' {
        New-AccessGroup whatif -Include everyone -WhatIf | Should -BeNullOrEmpty
        Get-AccessGroup whatif | Should -BeNullOrEmpty
    }
}
