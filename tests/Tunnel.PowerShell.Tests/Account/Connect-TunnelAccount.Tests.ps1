BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Connect-TunnelAccount' {
    It 'takes an edge from the pipeline' {
        $lab.Account.AccountId | Should -Be $lab.Edge.AccountId
        $lab.Account.ApiAddress | Should -Be $lab.Edge.ApiAddress
    }

    It 'takes a token and an address' {
        $token = Get-Content -Raw "$($lab.Folder)/edge/api-token" | ForEach-Object Trim | ConvertTo-SecureString -AsPlainText
        $account = Connect-TunnelAccount -ApiToken $token -Address $lab.Edge.ApiAddress `
            -CertificateAuthorityFile $lab.Edge.CertificateAuthorityFile
        Get-TunnelZone -Account $account | Select-Object -ExpandProperty Name | Should -Be 'example.test'
        Get-TunnelAccount | Should -HaveCount 1
    }

    It 'takes the token of the environment' {
        $env:CLOUDFLARE_API_TOKEN = (Get-Content -Raw "$($lab.Folder)/edge/api-token").Trim()
        $env:CLOUDFLARE_ACCOUNT_ID = $lab.Edge.AccountId
        $env:CLOUDFLARE_BASE_URL = "$($lab.Edge.ApiAddress)"
        try { $account = Connect-TunnelAccount -CertificateAuthorityFile $lab.Edge.CertificateAuthorityFile }
        finally { $env:CLOUDFLARE_API_TOKEN = $env:CLOUDFLARE_ACCOUNT_ID = $env:CLOUDFLARE_BASE_URL = $null }
        $account.AccountId | Should -Be $lab.Edge.AccountId
        $account.MissingPermissions | Should -BeNullOrEmpty
    }

    It 'takes an origin certificate' {
        $content = @{
            zoneID    = (Get-TunnelZone example.test).Id
            accountID = $lab.Edge.AccountId
            apiToken  = (Get-Content -Raw "$($lab.Folder)/edge/api-token").Trim()
        } | ConvertTo-Json -Compress
        $file = "$($lab.Folder)/origin.pem"
        '-----BEGIN ARGO TUNNEL TOKEN-----', [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($content)),
        '-----END ARGO TUNNEL TOKEN-----' | Set-Content $file
        $account = Connect-TunnelAccount -OriginCertificate $file -Address $lab.Edge.ApiAddress `
            -CertificateAuthorityFile $lab.Edge.CertificateAuthorityFile
        $account.AccountId | Should -Be $lab.Edge.AccountId
        Get-TunnelZone -Account $account | Select-Object -ExpandProperty Name | Should -Be 'example.test'
    }

    It 'says which file is no origin certificate' {
        $file = "$($lab.Folder)/not.pem"
        'nothing' | Set-Content $file
        { Connect-TunnelAccount -OriginCertificate $file -Address $lab.Edge.ApiAddress } | Should -Throw -ExpectedMessage '*not.pem*'
    }

    It 'refuses a wrong token' {
        $token = ConvertTo-SecureString -AsPlainText ('x' * 40)
        { Connect-TunnelAccount -ApiToken $token -Address $lab.Edge.ApiAddress -CertificateAuthorityFile $lab.Edge.CertificateAuthorityFile } |
            Should -Throw -ErrorId 'ApiAccessDenied,Tunnel.PowerShell.Account.ConnectTunnelAccount'
    }

    It 'trusts no certificate that it was not told to' {
        $token = ConvertTo-SecureString -AsPlainText ('x' * 40)
        { Connect-TunnelAccount -ApiToken $token -Address $lab.Edge.ApiAddress } |
            Should -Throw -ErrorId 'ApiNotReached,Tunnel.PowerShell.Account.ConnectTunnelAccount'
    }
}

Describe 'Connect-TunnelAccount -Browser' {
    BeforeAll {
        $file = "$($lab.Folder)/login/cert.pem"
        $apiToken = (Get-Content -Raw "$($lab.Folder)/edge/api-token").Trim()
        # What a person does at the link: sign in, take the first zone.
        function Confirm-Login([string] $link) {
            $page = Invoke-WebRequest $link -SkipCertificateCheck -SessionVariable browser
            $fields = @{ api_token = $apiToken }
            [regex]::Matches($page.Content, '<input type="hidden" name="([^"]+)" value="([^"]+)">') |
                ForEach-Object { $fields[$_.Groups[1].Value] = [Net.WebUtility]::HtmlDecode($_.Groups[2].Value) }
            $page = Invoke-WebRequest $lab.Edge.LoginAddress -Method Post -Body $fields -SkipCertificateCheck -WebSession $browser
            $answer = @{
                form_token = [regex]::Match($page.Content, 'name="form_token" value="([^"]+)"').Groups[1].Value
                zone       = [regex]::Match($page.Content, 'name="zone" value="([^"]+)"').Groups[1].Value
            }
            $null = Invoke-WebRequest "$($lab.Edge.LoginAddress)/zone" -Method Post -Body $answer -SkipCertificateCheck -WebSession $browser
        }
    }

    It 'writes a certificate and connects with it' {
        $account = Connect-TunnelAccount -Edge $lab.Edge -Browser -NoLaunch -CertificateFile $file -WarningAction Ignore 6>&1 |
            ForEach-Object { if ("$_" -like 'https:*') { Confirm-Login "$_" } elseif ($_ -isnot [Management.Automation.InformationRecord]) { $_ } }
        $account.AccountId | Should -Be $lab.Edge.AccountId
        $file | Should -FileContentMatch 'BEGIN ARGO TUNNEL TOKEN'
    }

    It 'keeps a certificate that is there' {
        { Connect-TunnelAccount -Edge $lab.Edge -Browser -NoLaunch -CertificateFile $file } |
            Should -Throw -ErrorId 'LoginCertificateExists,Tunnel.PowerShell.Account.ConnectTunnelAccount'
    }

    It 'waits no longer than it is told' {
        { Connect-TunnelAccount -Edge $lab.Edge -Browser -NoLaunch -Force -CertificateFile $file -Timeout 1 } |
            Should -Throw -ErrorId 'TimedOut,Tunnel.PowerShell.Account.ConnectTunnelAccount'
        $file | Should -FileContentMatch 'BEGIN ARGO TUNNEL TOKEN'
    }
}
