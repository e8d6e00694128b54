BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'New-AccessPolicy' {
    It 'reads <Text> as a rule' -ForEach @(
        @{ Text = 'everyone'; Type = 'EveryoneRule' }
        @{ Text = '@example.com'; Type = 'EmailDomainRule' }
        @{ Text = 'alice@example.com'; Type = 'EmailRule' }
        @{ Text = '10.0.0.0/8'; Type = 'IpRangeRule' }
        @{ Text = 'any_valid_service_token'; Type = 'AnyValidServiceTokenRule' }
    ) {
        $policy = New-AccessPolicy ssh.example.test -Name "reads $Text" -Decision Allow -Include $Text
        $policy.Include[0].GetType().Name | Should -Be $Type
        "$($policy.Include)" | Should -Be $Text
    }

    It 'takes a service token as a rule' {
        $token = New-AccessServiceToken ci
        $policy = Get-AccessApplication | New-AccessPolicy -Name machines -Decision non_identity -Include $token
        $policy.Decision | Should -Be 'NonIdentity'
        $policy.Include.TokenId | Should -Be $token.Id
    }

    It 'gives the same policy back, and refuses another of its name' {
        $policy = New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include '@example.com'
        (New-AccessPolicy ssh.example.test -Name staff -Decision Allow -Include '@example.com').Id | Should -Be $policy.Id
        { New-AccessPolicy ssh.example.test -Name staff -Decision Deny -Include everyone } |
            Should -Throw -ErrorId 'ResourceConflict,Tunnel.PowerShell.Access.NewAccessPolicy'
    }

    It 'refuses text that is no rule' {
        { New-AccessPolicy ssh.example.test -Name bad -Decision Allow -Include 'no rule' } | Should -Throw '*is not an Access rule*'
    }

    It 'makes a reusable policy and lets an application hold it' {
        New-AccessPolicy -Name everybody -Decision Allow -Include everyone | Out-Null
        $held = New-AccessPolicy ssh.example.test -ReusablePolicy everybody
        $held.IsReusable | Should -BeTrue
        (Get-AccessPolicy -Name everybody).ApplicationCount | Should -Be 1
    }

    It 'names who has to approve' {
        New-AccessApplication shop.example.test | Out-Null # the other one lets everybody in by now
        $policy = New-AccessPolicy shop.example.test -Name contractors -Decision Allow -Include '@example.org' -PurposePrompt 'Which ticket?' -Approver boss@example.com
        $policy.Approval | Should -Be '1 of boss@example.com'
        $policy.RequiresPurpose | Should -BeTrue
        (Test-AccessPolicy shop.example.test -Email carol@example.org).NeedsApproval | Should -BeTrue
        (Test-AccessPolicy shop.example.test -Email carol@example.org).Reason | Should -Match 'an approval by 1 of boss@example.com'
    }
}
